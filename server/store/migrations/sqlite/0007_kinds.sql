CREATE TABLE `groups` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `id`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `groups_created` ON `groups` (`account_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `shares` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`job_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shares_of_job` ON `shares` (`job_id`) WHERE "shares"."ended_at" is null;--> statement-breakpoint
ALTER TABLE `jobs` ADD `style_id` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `claimed_task_id` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `image` text;--> statement-breakpoint
CREATE INDEX `jobs_of_group` ON `jobs` (`account_id`,`group_id`,`id`) WHERE "jobs"."group_id" is not null;--> statement-breakpoint
ALTER TABLE `preset_revisions` ADD `choices` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `sites` ADD `blocked_words` text DEFAULT '[]' NOT NULL;