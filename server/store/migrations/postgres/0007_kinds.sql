CREATE TABLE "groups" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "groups_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "shares" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"job_id" text NOT NULL,
	"created_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "style_id" text;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "claimed_task_id" text;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "image" jsonb;--> statement-breakpoint
ALTER TABLE "preset_revisions" ADD COLUMN "choices" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "blocked_words" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "groups" ADD CONSTRAINT "groups_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shares" ADD CONSTRAINT "shares_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shares" ADD CONSTRAINT "shares_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "groups_created" ON "groups" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "shares_of_job" ON "shares" USING btree ("job_id") WHERE "shares"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_of_group" ON "jobs" USING btree ("account_id","group_id","id") WHERE "jobs"."group_id" is not null;