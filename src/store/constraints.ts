import pg from 'pg'

const uniqueViolation = '23505'

/** Did the database refuse a write because of this unique constraint or index? */
export const isUniqueViolation = (thrown: unknown, constraint: string): boolean =>
  thrown instanceof pg.DatabaseError && thrown.code === uniqueViolation && thrown.constraint === constraint
