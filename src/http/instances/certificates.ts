import { z } from '@hono/zod-openapi'
import { certificateKinds } from '../../domain/certificate-life.ts'
import type { InstanceId } from '../../domain/id.ts'
import { listCertificates, type CertificateReading } from '../../services/security/list-certificates.ts'
import { defineRoute } from '../route.ts'
import { listOf, Time, wholeView } from '../views/shapes.ts'

const CertificateShape = z
  .object({
    kind: z.enum(certificateKinds),
    madeBy: z.enum(['Millrace', 'user']),
    listeners: z.array(z.string()).openapi({ description: 'Empty: it signs, and is shown nowhere' }),
    kafkaId: z.number().int().nullable().openapi({ description: 'null: the same on every node' }),
    subject: z.string(),
    issuer: z.string(),
    names: z.array(z.string()).openapi({ description: 'Hosts and addresses that it stands for' }),
    serialNumber: z.string(),
    fingerprint: z.string().openapi({ description: 'SHA-256' }),
    notBefore: Time,
    notAfter: Time,
    daysLeft: z.number().int(),
    renewal: z.string().openapi({ description: 'What comes of it by itself, and what a person has to do' }),
    warning: z.string().nullable(),
  })
  .openapi('Certificate')

export const listCertificatesRoute = defineRoute({
  method: 'get',
  path: '/instances/{instanceId}/certificates',
  summary: 'The certificates of an Instance, and when they end',
  permission: 'instance:read',
  answers: { 200: listOf(CertificateShape) },

  async handle({ world, params }) {
    const certificates = await listCertificates(world, params.instanceId as InstanceId)
    return { status: 200, body: wholeView(certificates.map(certificateView)) }
  },
})

const certificateView = ({ certificate, ...about }: CertificateReading) => ({
  ...about,
  subject: inOneLine(certificate.subject),
  issuer: inOneLine(certificate.issuer),
  names: certificate.subjectAltName?.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')) ?? [],
  serialNumber: certificate.serialNumber,
  fingerprint: certificate.fingerprint256,
  notBefore: certificate.validFromDate.toISOString(),
  notAfter: certificate.validToDate.toISOString(),
})

const inOneLine = (name: string): string => name.replaceAll('\n', ', ')
