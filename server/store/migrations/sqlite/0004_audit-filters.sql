CREATE INDEX `audit_log_of_actor` ON `audit_log` (`actor`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_of_action` ON `audit_log` (`action`,`id`);