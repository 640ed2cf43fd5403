import { randomInt } from 'node:crypto';
import { findBot } from '../bots.ts';
import { chatKey } from '../chats.ts';
import type { Bot, Person, PrivateChat } from '../state.ts';
import type { Work } from '../work.ts';
import { Refusal } from './refusal.ts';

/** Ids of people, as Telegram gives them out: far above those that were given out first. */
const ids = { min: 100_000_000, max: 7_000_000_000 };

const freeId = (work: Work): number => {
  for (;;) {
    const id = randomInt(ids.min, ids.max);
    if (work.state.people.get(String(id)) === undefined) return id;
  }
};

/** @throws Refusal when the id is another person's or a bot's */
export const makePerson = (
  work: Work,
  { id = freeId(work), ...facts }: Omit<Person, 'id'> & { id?: number | undefined },
): Person => {
  if (work.state.people.get(String(id)) !== undefined) {
    throw new Refusal(`There is a user ${id} already.`);
  }
  if (work.state.bots.get(String(id)) !== undefined) throw new Refusal(`${id} is a bot.`);
  const person: Person = { id, ...facts };
  work.state.people.put(String(id), person);
  return person;
};

export const changePerson = (
  work: Work,
  id: string,
  change: Partial<Omit<Person, 'id'>>,
): Person => {
  const changed = { ...personOf(work, id), ...change };
  work.state.people.put(id, changed);
  return changed;
};

export function personOf(work: Work, id: string): Person {
  const person = work.state.people.get(id);
  if (person === undefined) throw new Refusal('There is no such user.', 404);
  return person;
}

/** Makes the person of this id, or makes the one that there is like this. */
export const putPerson = (work: Work, name: string, facts: Omit<Person, 'id'>): Person => {
  const id = Number(name);
  if (!Number.isSafeInteger(id) || id <= 0) throw new Refusal(`${name} is no id of a user.`);
  work.state.people.delete(name);
  return makePerson(work, { id, ...facts });
};

export const namedBot = (work: Work, name: string): Bot => {
  const bot = findBot(work, name);
  if (bot === undefined) throw new Refusal(`There is no bot ${name}.`, 404);
  return bot;
};

export const startedChat = (work: Work, bot: Bot, person: Person): PrivateChat => {
  const chat = work.state.chats.get(chatKey(bot.key, person.id));
  if (chat === undefined) throw new Refusal(`User ${person.id} has not started @${bot.username}.`);
  return chat;
};
