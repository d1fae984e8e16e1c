import type { ClueStatus, Endpoints } from '@leadbell/contract'
import { request } from './client.ts'

export const getClues = (query: Endpoints['GET /clues']['query']) =>
  request('GET /clues', { query }, { accepts: (result) => Array.isArray(result?.items) })

export const getClue = (id: string) =>
  request(
    'GET /clues/{id}',
    { path: { id } },
    { accepts: (result) => typeof result?.id === 'string' && Array.isArray(result.notes) },
  )

/** `version` is the one on screen; a stale one is refused with the present lead. */
export const putClueStatus = (id: string, status: ClueStatus, version: number) =>
  request('PUT /clues/{id}', { path: { id }, body: { status, version } })

export const putClueRead = (id: string) => request('PUT /clues/{id}/read', { path: { id } })

export const postClueNote = (id: string, note: Endpoints['POST /clues/{id}/notes']['body']) =>
  request('POST /clues/{id}/notes', { path: { id }, body: note })
