CREATE TABLE "clue_notes" (
	"clue_id" bigint NOT NULL,
	"id" text NOT NULL,
	"author_id" bigint NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "clue_notes_clue_id_id_pk" PRIMARY KEY("clue_id","id")
);
--> statement-breakpoint
ALTER TABLE "clues" ADD COLUMN "read_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "clues" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "superseded_reason" text;--> statement-breakpoint
UPDATE "deliveries" SET "superseded_reason" = '线索已改派他人，不再提醒' WHERE "superseded_at" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "clue_notes" ADD CONSTRAINT "clue_notes_clue_id_clues_id_fk" FOREIGN KEY ("clue_id") REFERENCES "public"."clues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clue_notes" ADD CONSTRAINT "clue_notes_author_id_accounts_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clue_notes_newest" ON "clue_notes" USING btree ("clue_id","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "clues_unread" ON "clues" USING btree ("assignee_id") WHERE read_at is null and deleted_at is null;