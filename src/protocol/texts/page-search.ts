// What the page says where one searches one's messages.
import type { Sentence } from './sentence.ts'

export const searchMessages = 'Search messages' as Sentence
export const label = 'Words in your messages' as Sentence
export const how = 'All words must occur. begin* finds what begins so, "in quotes" what stands together.' as Sentence
export const nothing = 'Nothing was found.' as Sentence
export const looking = 'Searching …' as Sentence
export const results = 'What was found' as Sentence
