// What the page says where one searches one's messages.
import type { Sentence } from './sentence.ts'

export const searchMessages = 'Search messages' as Sentence
export const label = 'Search your messages' as Sentence
export const how = 'Finds messages with all these words. Use "quotes" for an exact phrase.' as Sentence
export const nothing = 'No results.' as Sentence
export const looking = 'Searching …' as Sentence
export const results = 'Results' as Sentence
export const lagging = "The newest messages aren't searchable yet." as Sentence
export const searchAgain = 'Search again' as Sentence
