CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"site_id" text NOT NULL,
	"user_id" text NOT NULL,
	"name" text,
	"locale" text,
	"balance" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "accounts_balance_not_negative" CHECK ("accounts"."balance" >= 0)
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"request_hash" text NOT NULL,
	"kind" text NOT NULL,
	"preset_id" text NOT NULL,
	"preset_revision" bigint NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"mode" text NOT NULL,
	"seconds" bigint NOT NULL,
	"aspect_ratio" text NOT NULL,
	"sound" boolean NOT NULL,
	"prompt" text NOT NULL,
	"negative_prompt" text NOT NULL,
	"tokens_cost" bigint NOT NULL,
	"title" text,
	"description" text,
	"group_id" text,
	"parent_id" text,
	"upload_id" text,
	"frame" jsonb,
	"fit" text NOT NULL,
	"status" text NOT NULL,
	"stage" text NOT NULL,
	"version" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"lease_until" bigint NOT NULL,
	"fence" bigint NOT NULL,
	"failures" bigint NOT NULL,
	"deadline_at" bigint NOT NULL,
	"expected_ms" bigint NOT NULL,
	"provider_account" text,
	"external_id" text NOT NULL,
	"provider_task_id" text,
	"sends" bigint NOT NULL,
	"send_deadline_at" bigint,
	"submitted_at" bigint,
	"checked_at" bigint,
	"still" jsonb,
	"result_url" text,
	"succeeded_at" bigint,
	"video" jsonb,
	"error_code" text,
	"error_message" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"completed_at" bigint,
	"deleted_at" bigint,
	CONSTRAINT "jobs_priced" CHECK ("jobs"."tokens_cost" > 0)
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"job_id" text,
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"balance_after" bigint NOT NULL,
	"reference" text,
	"note" text,
	"actor" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "ledger_amount" CHECK ("ledger"."amount" <> 0 and "ledger"."amount" between -1000000000000 and 1000000000000),
	CONSTRAINT "ledger_balance_not_negative" CHECK ("ledger"."balance_after" >= 0)
);
--> statement-breakpoint
CREATE TABLE "preset_revisions" (
	"preset_id" text NOT NULL,
	"revision" bigint NOT NULL,
	"kind" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"mode" text NOT NULL,
	"seconds" bigint NOT NULL,
	"aspect_ratio" text NOT NULL,
	"sound" boolean NOT NULL,
	"prompt" text NOT NULL,
	"negative_prompt" text NOT NULL,
	"tokens_cost" bigint NOT NULL,
	"titles" jsonb NOT NULL,
	"position" bigint NOT NULL,
	"enabled" boolean NOT NULL,
	"author" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "preset_revisions_preset_id_revision_pk" PRIMARY KEY("preset_id","revision"),
	CONSTRAINT "preset_revisions_priced" CHECK ("preset_revisions"."tokens_cost" > 0)
);
--> statement-breakpoint
CREATE TABLE "presets" (
	"id" text PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"paused_until" bigint NOT NULL,
	"pause_reason" text,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"audience" text NOT NULL,
	"sealed_jwt_secret" text,
	"jwks_url" text,
	"max_token_seconds" bigint NOT NULL,
	"origins" jsonb NOT NULL,
	"api_key_hash" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "sites_one_key" CHECK (("sites"."sealed_jwt_secret" is null) <> ("sites"."jwks_url" is null))
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"key" text NOT NULL,
	"width" bigint NOT NULL,
	"height" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	"content_type" text NOT NULL,
	"sha256" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_site_id_sites_id_fk" FOREIGN KEY ("site_id") REFERENCES "public"."sites"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "preset_revisions" ADD CONSTRAINT "preset_revisions_preset_id_presets_id_fk" FOREIGN KEY ("preset_id") REFERENCES "public"."presets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_site_user" ON "accounts" USING btree ("site_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_idempotency" ON "jobs" USING btree ("account_id","idempotency_key");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_external_id" ON "jobs" USING btree ("external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_provider_task" ON "jobs" USING btree ("provider_account","provider_task_id");--> statement-breakpoint
CREATE INDEX "jobs_of_account" ON "jobs" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "jobs_changed" ON "jobs" USING btree ("account_id","updated_at");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("due_at") WHERE "jobs"."status" in ('pending', 'processing');--> statement-breakpoint
CREATE INDEX "jobs_queue" ON "jobs" USING btree ("stage","account_id","id") WHERE "jobs"."status" in ('pending', 'processing');--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_job_kind" ON "ledger" USING btree ("job_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_reference" ON "ledger" USING btree ("account_id","reference");--> statement-breakpoint
CREATE INDEX "ledger_of_account" ON "ledger" USING btree ("account_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "sites_issuer" ON "sites" USING btree ("issuer");--> statement-breakpoint
CREATE UNIQUE INDEX "sites_api_key_hash" ON "sites" USING btree ("api_key_hash");