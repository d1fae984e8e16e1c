CREATE TABLE "delivery_attempts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "delivery_attempts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"delivery_id" bigint NOT NULL,
	"openid" text NOT NULL,
	"template_id" text NOT NULL,
	"merged_ids" bigint[],
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"errcode" integer,
	"errmsg" text,
	"msgid" text
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"answer" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "quotas" (
	"openid" text NOT NULL,
	"template_id" text NOT NULL,
	"quota" integer NOT NULL,
	"latest_at" timestamp with time zone NOT NULL,
	CONSTRAINT "quotas_openid_template_id_pk" PRIMARY KEY("openid","template_id"),
	CONSTRAINT "quotas_not_negative" CHECK (quota >= 0)
);
--> statement-breakpoint
CREATE TABLE "webhook_calls" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "webhook_calls_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"delivery_id" bigint NOT NULL,
	"body" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"run_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"lease_token" uuid,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "wechat_pushes" (
	"key" text PRIMARY KEY NOT NULL,
	"event" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"processed_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"run_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "ledger" DROP CONSTRAINT "ledger_signs";--> statement-breakpoint
DROP INDEX "ledger_one_grant_per_attempt";--> statement-breakpoint
DROP INDEX "ledger_one_spend_per_delivery";--> statement-breakpoint
DROP INDEX "ledger_lane";--> statement-breakpoint
DROP INDEX "deliveries_due";--> statement-breakpoint
ALTER TABLE "accounts" ALTER COLUMN "password_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "role" text DEFAULT 'staff' NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "disabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "last_seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "assigned_by" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "recalled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "recalled_by" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "recall_reason" text;--> statement-breakpoint
ALTER TABLE "clues" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "attempt_id" bigint;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "merged_into" bigint;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "key" text;--> statement-breakpoint
UPDATE "ledger" SET "source" = CASE WHEN "kind" = 'grant' THEN 'report' ELSE 'send' END, "key" = CASE "kind" WHEN 'grant' THEN 'report:' || "openid" || ':' || "attempt_id" || ':' || "template_id" WHEN 'spend' THEN 'spend:delivery:' || "delivery_id" ELSE 'zero:row:' || "id" END;--> statement-breakpoint
ALTER TABLE "ledger" ALTER COLUMN "source" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ALTER COLUMN "key" SET NOT NULL;--> statement-breakpoint
INSERT INTO "quotas" ("openid", "template_id", "quota", "latest_at") SELECT "openid", "template_id", greatest(0, sum("delta")), max("at") FROM "ledger" GROUP BY 1, 2;--> statement-breakpoint
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_calls" ADD CONSTRAINT "webhook_calls_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "delivery_attempts_of" ON "delivery_attempts" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "delivery_attempts_unsettled" ON "delivery_attempts" USING btree ("openid","template_id","started_at") WHERE msgid is null;--> statement-breakpoint
CREATE INDEX "delivery_attempts_msgid" ON "delivery_attempts" USING btree ("msgid");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_index" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhook_calls_due" ON "webhook_calls" USING btree ("run_at") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "webhook_calls_leased" ON "webhook_calls" USING btree ("leased_until") WHERE state = 'leased';--> statement-breakpoint
CREATE INDEX "webhook_calls_of" ON "webhook_calls" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE INDEX "webhook_calls_settled" ON "webhook_calls" USING btree ("settled_at");--> statement-breakpoint
CREATE INDEX "wechat_pushes_open" ON "wechat_pushes" USING btree ("run_at") WHERE processed_at is null;--> statement-breakpoint
CREATE INDEX "wechat_pushes_received" ON "wechat_pushes" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "clues_of_owner" ON "clues" USING btree ("assignee_id","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "clues_unassigned" ON "clues" USING btree ("id") WHERE assignee_id is null and deleted_at is null;--> statement-breakpoint
CREATE INDEX "clues_by_status" ON "clues" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "clues_by_phone" ON "clues" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "clues_deleted" ON "clues" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("run_at","id") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "deliveries_leased" ON "deliveries" USING btree ("leased_until") WHERE state in ('leased', 'in_doubt');--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("created_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_by_state" ON "deliveries" USING btree ("state","id") WHERE state <> 'sent';--> statement-breakpoint
CREATE INDEX "deliveries_of_account" ON "deliveries" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_created" ON "deliveries" USING brin ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_key" ON "ledger" USING btree ("key");--> statement-breakpoint
CREATE INDEX "ledger_zeros" ON "ledger" USING btree ("openid","template_id","at") WHERE kind = 'zero';--> statement-breakpoint
CREATE INDEX "ledger_lane" ON "ledger" USING btree ("openid","template_id","at");--> statement-breakpoint
INSERT INTO "delivery_attempts" ("delivery_id", "openid", "template_id", "started_at", "ended_at", "outcome", "msgid") SELECT "id", "openid", "template_id", coalesce("settled_at", "leased_until", "run_at"), "settled_at", CASE WHEN "state" = 'sent' THEN 'sent' ELSE 'lost' END, "msgid" FROM "deliveries" WHERE "openid" IS NOT NULL AND "state" IN ('sent', 'leased', 'in_doubt');--> statement-breakpoint
UPDATE "deliveries" d SET "attempt_id" = a."id", "state" = CASE WHEN d."state" = 'leased' THEN 'in_doubt' ELSE d."state" END, "reason" = CASE WHEN d."state" = 'leased' THEN 'unanswered' ELSE d."reason" END FROM "delivery_attempts" a WHERE a."delivery_id" = d."id";--> statement-breakpoint
UPDATE "deliveries" d SET "reason" = n."name" FROM (VALUES ('unbound', '员工还没有在小程序里用微信登录，登录并允许订阅后自动送达'), ('unpaid', '员工的订阅次数已用完，下次允许订阅后自动送达'), ('reassigned', '线索已改派他人，不再提醒'), ('deleted', '线索已删除，不再提醒'), ('badOpenid', '微信不认识该员工的身份标识，请本人重新登录小程序'), ('contentRefused', '微信拒绝了消息内容（可能含敏感词），请检查线索名称'), ('configBroken', '微信接口或模板配置有误，正在等待管理员处理'), ('retrying', '微信暂时没有受理，正在重试'), ('exhausted', '微信多次没有受理，已停止重试，请直接联系员工'), ('unanswered', '微信没有答复，可能已经送达，正在核实'), ('gaveUp', '微信没有答复，可能已经送达；为免重复打扰不再发送')) AS n ("name", "sentence") WHERE d."reason" = n."sentence";--> statement-breakpoint
UPDATE "deliveries" d SET "superseded_reason" = n."name" FROM (VALUES ('unbound', '员工还没有在小程序里用微信登录，登录并允许订阅后自动送达'), ('unpaid', '员工的订阅次数已用完，下次允许订阅后自动送达'), ('reassigned', '线索已改派他人，不再提醒'), ('deleted', '线索已删除，不再提醒'), ('badOpenid', '微信不认识该员工的身份标识，请本人重新登录小程序'), ('contentRefused', '微信拒绝了消息内容（可能含敏感词），请检查线索名称'), ('configBroken', '微信接口或模板配置有误，正在等待管理员处理'), ('retrying', '微信暂时没有受理，正在重试'), ('exhausted', '微信多次没有受理，已停止重试，请直接联系员工'), ('unanswered', '微信没有答复，可能已经送达，正在核实'), ('gaveUp', '微信没有答复，可能已经送达；为免重复打扰不再发送')) AS n ("name", "sentence") WHERE d."superseded_reason" = n."sentence";--> statement-breakpoint
ALTER TABLE "deliveries" DROP COLUMN "page";--> statement-breakpoint
ALTER TABLE "deliveries" DROP COLUMN "data";--> statement-breakpoint
ALTER TABLE "deliveries" DROP COLUMN "lease_token";--> statement-breakpoint
ALTER TABLE "deliveries" DROP COLUMN "msgid";--> statement-breakpoint
ALTER TABLE "ledger" DROP COLUMN "attempt_id";--> statement-breakpoint
ALTER TABLE "clues" ADD CONSTRAINT "clues_external_id_unique" UNIQUE("external_id");--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_signs" CHECK ((kind = 'grant' and delta between -1 and 1) or (kind = 'spend' and delta in (0, -1)) or (kind = 'zero' and delta <= 0));--> statement-breakpoint
CREATE FUNCTION "ledger_refuses_change"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;--> statement-breakpoint
CREATE TRIGGER "ledger_append_only" BEFORE UPDATE OR DELETE ON "ledger" FOR EACH ROW EXECUTE FUNCTION "ledger_refuses_change"();
