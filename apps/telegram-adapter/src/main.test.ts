import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { remoteProvider } from '@quittance/contracts';
import { httpTransport } from '@quittance/rpc';
import { systemClock } from '@quittance/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { botsBusinessToken, webhookSecret } from './derived.ts';
import { botToken, createPerson, eventually } from './people-under-test.ts';
import { startSandbox } from './sandbox-under-test.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const providerToken = '284685063:TEST:NjZlYWU2';
const bbpPin = '77zz88';
const sellersPin = '9q8w';

/** The program itself against the emulators, with a core that is not there. */
const startProgram = async (env: Record<string, string>) => {
  const sandbox = await startSandbox(systemClock);
  const program = spawn(process.execPath, [main], {
    env: {
      PORT: '0',
      SERVICE_TOKEN: 'a-service-token-of-this-test',
      CORE_URL: 'http://127.0.0.1:1',
      LOG_LEVEL: 'debug',
      TELEGRAM_BOT_TOKEN: botToken,
      TELEGRAM_PROVIDER_TOKEN: providerToken,
      TELEGRAM_API_URL: sandbox.url,
      BOTS_BUSINESS_API_URL: sandbox.url,
      BOTS_BUSINESS_USER_ID: '7378059553',
      BOTS_BUSINESS_PIN: bbpPin,
      PUBLIC_URL: 'http://127.0.0.1:1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  for (const stream of [program.stdout, program.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output.text += chunk));
  }
  onTestFinished(async () => {
    program.kill('SIGKILL');
    await sandbox.close();
  });
  const says = (words: string) => eventually(() => output.text.includes(words) || undefined);
  return { sandbox, program, output, says };
};

test('it starts, goes on when nothing answers, stops when told, and its logs tell no secret', async () => {
  const { sandbox, program, output, says } = await startProgram({ TELEGRAM_MODE: 'polling' });
  const down = { status: 502, body: `Bad Gateway for /bot${botToken}/` };
  sandbox.answer('getUpdates', down);
  sandbox.answer('setMyCommands', down);
  await says('listening');
  const seller = await createPerson(sandbox);
  await seller.say(`/setpin ${sellersPin}`);
  await says('an update could not be taken');
  await says('registering the webhook at the BBP bot failed');
  await says("showing the bot's commands failed");

  program.kill('SIGTERM');
  const [code] = await once(program, 'exit');
  expect(code).toBe(0);
  const secrets = [
    botToken.split(':')[1],
    providerToken,
    bbpPin,
    sellersPin,
    webhookSecret(botToken),
    botsBusinessToken(botToken, 7_378_059_553),
  ];
  for (const secret of secrets) expect(output.text).not.toContain(secret);
}, 30_000);

test('what it cannot answer is told to nobody with the PIN in it: neither the log nor who calls', async () => {
  const { output, says } = await startProgram({ PUBLIC_URL: '' });
  await says('listening');
  const url = /"url":"(http[^"]+)"/.exec(output.text)?.[1] ?? '';
  const link = httpTransport({ url, serviceToken: 'a-service-token-of-this-test' });
  onTestFinished(link.close);
  const { receive } = remoteProvider(link.transport);
  const headers = { 'x-telegram-bot-api-secret-token': webhookSecret(botToken) };
  const said = (date: number) => {
    const chat = { id: 7, type: 'private', first_name: 'Ada' };
    const from = { id: 7, is_bot: false, first_name: 'Ada' };
    const entities = [{ type: 'bot_command', offset: 0, length: 7 }];
    const text = `/setpin ${sellersPin}`;
    const message = { message_id: 1, date, chat, from, text, entities };
    return { headers, body: JSON.stringify({ update_id: 1, message }) };
  };
  const error = await receive(said(Math.floor(Date.now() / 1_000))).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'unavailable' });
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(sellersPin);
  expect((await receive(said(0))).reply.status).toBe(200);
  await says('the bot could not answer');
  expect(output.text).not.toContain(sellersPin);
}, 30_000);

test('a configuration that is wrong ends it, with each setting’s name and no value', async () => {
  const { program, output } = await startProgram({ TELEGRAM_BOT_TOKEN: 'half-a-token' });
  const [code] = await once(program, 'exit');
  expect(code).toBe(1);
  expect(output.text).toContain('TELEGRAM_BOT_TOKEN');
  expect(output.text).not.toContain('half-a-token');
}, 30_000);
