import { makeRegistry } from '../engine/registry.ts'
import { changeDefinitions } from './change/change-instance.ts'
import { createInstance } from './create-instance.ts'
import { deleteInstance } from './delete-instance.ts'
import { healInstance } from './heal-instance.ts'

export const registry = makeRegistry([
  createInstance,
  deleteInstance,
  healInstance,
  ...Object.values(changeDefinitions),
])
