CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`site_id` text NOT NULL,
	`user_id` text NOT NULL,
	`name` text,
	`locale` text,
	`balance` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`site_id`) REFERENCES `sites`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "accounts_balance_not_negative" CHECK("accounts"."balance" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_site_user` ON `accounts` (`site_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`request_hash` text NOT NULL,
	`kind` text NOT NULL,
	`preset_id` text NOT NULL,
	`preset_revision` integer NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`mode` text NOT NULL,
	`seconds` integer NOT NULL,
	`aspect_ratio` text NOT NULL,
	`sound` integer NOT NULL,
	`prompt` text NOT NULL,
	`negative_prompt` text NOT NULL,
	`tokens_cost` integer NOT NULL,
	`title` text,
	`description` text,
	`group_id` text,
	`parent_id` text,
	`upload_id` text,
	`frame` text,
	`fit` text NOT NULL,
	`status` text NOT NULL,
	`stage` text NOT NULL,
	`version` integer NOT NULL,
	`due_at` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`fence` integer NOT NULL,
	`failures` integer NOT NULL,
	`deadline_at` integer NOT NULL,
	`expected_ms` integer NOT NULL,
	`provider_account` text,
	`external_id` text NOT NULL,
	`provider_task_id` text,
	`sends` integer NOT NULL,
	`send_deadline_at` integer,
	`submitted_at` integer,
	`checked_at` integer,
	`still` text,
	`result_url` text,
	`succeeded_at` integer,
	`video` text,
	`error_code` text,
	`error_message` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`completed_at` integer,
	`deleted_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`upload_id`) REFERENCES `uploads`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "jobs_priced" CHECK("jobs"."tokens_cost" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_idempotency` ON `jobs` (`account_id`,`idempotency_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_external_id` ON `jobs` (`external_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_provider_task` ON `jobs` (`provider_account`,`provider_task_id`);--> statement-breakpoint
CREATE INDEX `jobs_of_account` ON `jobs` (`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_changed` ON `jobs` (`account_id`,`updated_at`);--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`due_at`) WHERE "jobs"."status" in ('pending', 'processing');--> statement-breakpoint
CREATE INDEX `jobs_queue` ON `jobs` (`stage`,`account_id`,`id`) WHERE "jobs"."status" in ('pending', 'processing');--> statement-breakpoint
CREATE TABLE `ledger` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`job_id` text,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`balance_after` integer NOT NULL,
	`reference` text,
	`note` text,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "ledger_amount" CHECK("ledger"."amount" <> 0 and "ledger"."amount" between -1000000000000 and 1000000000000),
	CONSTRAINT "ledger_balance_not_negative" CHECK("ledger"."balance_after" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ledger_job_kind` ON `ledger` (`job_id`,`kind`);--> statement-breakpoint
CREATE UNIQUE INDEX `ledger_reference` ON `ledger` (`account_id`,`reference`);--> statement-breakpoint
CREATE INDEX `ledger_of_account` ON `ledger` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `preset_revisions` (
	`preset_id` text NOT NULL,
	`revision` integer NOT NULL,
	`kind` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`mode` text NOT NULL,
	`seconds` integer NOT NULL,
	`aspect_ratio` text NOT NULL,
	`sound` integer NOT NULL,
	`prompt` text NOT NULL,
	`negative_prompt` text NOT NULL,
	`tokens_cost` integer NOT NULL,
	`titles` text NOT NULL,
	`position` integer NOT NULL,
	`enabled` integer NOT NULL,
	`author` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`preset_id`, `revision`),
	FOREIGN KEY (`preset_id`) REFERENCES `presets`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "preset_revisions_priced" CHECK("preset_revisions"."tokens_cost" > 0)
);
--> statement-breakpoint
CREATE TABLE `presets` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `provider_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`paused_until` integer NOT NULL,
	`pause_reason` text,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sites` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`issuer` text NOT NULL,
	`audience` text NOT NULL,
	`sealed_jwt_secret` text,
	`jwks_url` text,
	`max_token_seconds` integer NOT NULL,
	`origins` text NOT NULL,
	`api_key_hash` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "sites_one_key" CHECK(("sites"."sealed_jwt_secret" is null) <> ("sites"."jwks_url" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sites_issuer` ON `sites` (`issuer`);--> statement-breakpoint
CREATE UNIQUE INDEX `sites_api_key_hash` ON `sites` (`api_key_hash`);--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`key` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`bytes` integer NOT NULL,
	`content_type` text NOT NULL,
	`sha256` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
