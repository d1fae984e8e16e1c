CREATE TABLE "accounts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "accounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"username" text NOT NULL,
	"realname" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "accounts_username_unique" UNIQUE("username")
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "assignments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"clue_id" bigint NOT NULL,
	"assignee_id" bigint NOT NULL,
	"clue_version" integer NOT NULL,
	"assigned_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "captchas" (
	"check_key" text PRIMARY KEY NOT NULL,
	"answer_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clues" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "clues_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"title" text NOT NULL,
	"customer_name" text NOT NULL,
	"phone" text NOT NULL,
	"remark" text NOT NULL,
	"status" text NOT NULL,
	"version" integer NOT NULL,
	"assignee_id" bigint,
	"assigned_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"assignment_id" bigint NOT NULL,
	"clue_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"template_id" text NOT NULL,
	"page" text NOT NULL,
	"data" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"run_at" timestamp with time zone NOT NULL,
	"openid" text,
	"lease_token" uuid,
	"leased_until" timestamp with time zone,
	"superseded_at" timestamp with time zone,
	"msgid" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ledger_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"openid" text NOT NULL,
	"template_id" text NOT NULL,
	"delta" integer NOT NULL,
	"attempt_id" text,
	"delivery_id" bigint,
	"at" timestamp with time zone NOT NULL,
	"booked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ledger_signs" CHECK ((kind = 'grant' and delta = 1) or (kind = 'spend' and delta in (0, -1)) or (kind = 'zero' and delta <= 0))
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" varchar(255) PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"openid" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wechat_bindings" (
	"openid" text PRIMARY KEY NOT NULL,
	"account_id" bigint NOT NULL,
	"unionid" text,
	"bound_at" timestamp with time zone NOT NULL,
	CONSTRAINT "wechat_bindings_account_id_unique" UNIQUE("account_id")
);
--> statement-breakpoint
CREATE TABLE "wechat_tokens" (
	"appid" text PRIMARY KEY NOT NULL,
	"token" text,
	"generation" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone,
	"refresher" uuid,
	"refreshing_until" timestamp with time zone,
	"last_forced_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_clue_id_clues_id_fk" FOREIGN KEY ("clue_id") REFERENCES "public"."clues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_assignee_id_accounts_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clues" ADD CONSTRAINT "clues_assignee_id_accounts_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wechat_bindings" ADD CONSTRAINT "wechat_bindings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_clue_id_clue_version_index" ON "assignments" USING btree ("clue_id","clue_version");--> statement-breakpoint
CREATE INDEX "captchas_expires_at_index" ON "captchas" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "clues_of_assignee" ON "clues" USING btree ("assignee_id","assigned_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_assignment_id_template_id_index" ON "deliveries" USING btree ("assignment_id","template_id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_in_flight" ON "deliveries" USING btree ("openid","template_id") WHERE state in ('leased', 'in_doubt');--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("account_id","template_id","id") WHERE state in ('ready', 'waiting', 'leased', 'in_doubt');--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("run_at") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "deliveries_clue_id_index" ON "deliveries" USING btree ("clue_id");--> statement-breakpoint
CREATE INDEX "ledger_lane" ON "ledger" USING btree ("openid","template_id");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_one_grant_per_attempt" ON "ledger" USING btree ("openid","attempt_id","template_id") WHERE kind = 'grant';--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_one_spend_per_delivery" ON "ledger" USING btree ("delivery_id") WHERE kind = 'spend';--> statement-breakpoint
CREATE INDEX "sessions_account_id_index" ON "sessions" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "sessions_expires_at_index" ON "sessions" USING btree ("expires_at");