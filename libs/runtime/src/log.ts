import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

const redacted = ['apiKey', 'authorization', 'client_secret', 'key', 'pin', 'secret', 'token'];

/** JSON lines on stderr. Fields that carry secrets are redacted at the first two levels. */
export const createLogger = (service: string, level: string): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: redacted.flatMap((name) => [name, `*.${name}`]),
        censor: '[redacted]',
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );

export const silentLogger: Logger = pino({ level: 'silent' });
