/** Debian's nginx with the guide's own configuration before servers on loopback; nothing of the machine's nginx is used. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = '/usr/sbin/nginx';
const isRoot = process.getuid?.() === 0;

/** Whether the packages are there: `apt-get install --no-install-recommends nginx-light openssl`. */
export const hasNginx = existsSync(program) && existsSync('/usr/bin/openssl');

/**
 * Starts it on `port` of loopback before two servers. `configuration` is the text of `nginx.conf`, of which only the
 * addresses, the port and the certificate become others.
 */
export async function startNginx({
  port,
  nodes,
  configuration,
}: {
  port: number;
  nodes: readonly [number, number];
  configuration: string;
}) {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-nginx-'));
  const [key, certificate, main] = ['key.pem', 'certificate.pem', 'nginx.conf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '2'];
  execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], { stdio: 'ignore' });

  const site = replaced(configuration, {
    '10.0.0.11:8787': `127.0.0.1:${nodes[0]}`,
    '10.0.0.12:8787': `127.0.0.1:${nodes[1]}`,
    'listen 443 ': `listen 127.0.0.1:${port} `,
    'server_name covers.example;': 'server_name localhost;',
    '/etc/ssl/covers.pem': certificate,
    '/etc/ssl/covers.key': key,
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  // Started by root, its workers would be nobody, who may not write here.
  const text = `${isRoot ? 'user root;' : ''} daemon off; worker_processes 1; error_log stderr; pid ${join(folder, 'pid')};
events {}
http {
access_log off; ${temporary.join(' ')}
${site}
}`;
  writeFileSync(main, text);
  const flags = ['-e', 'stderr', '-p', folder, '-c', main];
  execFileSync(program, ['-t', ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });

  let said = '';
  const server = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  return {
    certificate: readFileSync(certificate, 'utf8'),
    /** Its error log until now. */
    said: () => said,
    async stop(): Promise<void> {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function replaced(text: string, changes: Record<string, string>): string {
  for (const [old, fresh] of Object.entries(changes)) {
    if (!text.includes(old)) throw new Error(`nginx.conf must have ${old}`);
    text = text.replaceAll(old, fresh);
  }
  return text;
}
