import type { Chat, User } from 'grammy/types';
import type { Bot, Person } from '../state.ts';

export const personOnWire = ({ stars: _stars, ...person }: Person): User => ({
  ...person,
  is_bot: false,
});

export const chatOnWire = (person: Person): Chat.PrivateChat => ({
  id: person.id,
  type: 'private',
  first_name: person.first_name,
  ...(person.last_name !== undefined && { last_name: person.last_name }),
  ...(person.username !== undefined && { username: person.username }),
});

export const botOnWire = ({ id, firstName, username }: Bot): User => ({
  id,
  is_bot: true,
  first_name: firstName,
  username,
});
