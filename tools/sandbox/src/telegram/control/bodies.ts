import { z } from 'zod';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const stars = z.coerce.number().int().min(0).max(1_000_000_000);
const username = z.string().regex(/^\w{3,32}$/, 'must be 3 to 32 of A-Z a-z 0-9 _');
const text = z.string().min(1).max(4_096);
const checkbox = z.union([z.boolean(), z.stringbool()]).default(false);
const bot = z.string().min(1);

/** Bodies of control routes, as JSON or as what a form sends. */
export const NewPerson = z.strictObject({
  id: id.optional(),
  first_name: z.string().min(1).max(64),
  last_name: z.string().min(1).max(64).optional(),
  username: username.optional(),
  language_code: z
    .string()
    .regex(/^[a-z]{2}(-[A-Za-z]{2,4})?$/)
    .default('en'),
  is_premium: z.literal(true).optional(),
  stars: stars.default(0),
});

export const PersonChange = NewPerson.omit({ id: true })
  .extend({
    language_code: z.string().regex(/^[a-z]{2}(-[A-Za-z]{2,4})?$/),
    stars,
  })
  .partial();

export const BotFacts = z.strictObject({
  token: z.string(),
  test: checkbox,
  username: username.optional(),
  first_name: z.string().min(1).max(64).optional(),
});

export const OpenLink = z.strictObject({ link: z.string().min(1) });
export const SendText = z.strictObject({ bot, text });
export const PressButton = z.strictObject({ bot, message_id: id, button: text });
export const OfBot = z.strictObject({ bot });

/** An invoice message by its bot and number, or an invoice link. */
export const Pay = z
  .strictObject({
    bot: bot.optional(),
    message_id: id.optional(),
    link: z.string().min(1).optional(),
    hold: checkbox,
    wait: z.union([z.boolean(), z.stringbool()]).default(true),
  })
  .refine(
    ({ bot: named, message_id: message, link }) =>
      (link === undefined) === (named !== undefined && message !== undefined),
    'either link, or bot and message_id',
  );

export const SettingsBody = z
  .strictObject({ hold_payments: z.boolean(), provider_tokens: z.array(z.string().min(1)) })
  .partial();

export const CurrenciesBody = z.record(
  z.string().regex(/^[A-Z]{3}$/),
  z
    .strictObject({
      exponent: z.int().min(0).max(4),
      min: z.int().min(1),
      max: z.int().min(1),
    })
    .refine(({ min, max }) => min <= max, 'min must not be above max'),
);
