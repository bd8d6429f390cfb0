type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/**
 * Writes a line that Terraform's log understands: JSON whose time stamp has six fractional digits. Debug lines are written
 * where that log is on. Lines name requests, never what they carry.
 */
export function log(level: Level, message: string, fields: Record<string, string | number> = {}): void {
  const { TF_LOG, TF_LOG_PROVIDER } = process.env;
  if (level === 'debug' && !TF_LOG && !TF_LOG_PROVIDER) return;
  const stamp = new Date().toISOString().replace('Z', '000Z');
  const line = { '@level': level, '@message': message, '@module': 'provider', '@timestamp': stamp, ...fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
