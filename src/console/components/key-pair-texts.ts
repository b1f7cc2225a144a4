import type { KeyPair } from '../api-types.ts'

/** What programs are given a key pair with. Pure. */
export const keyPairFile = (name: string): string => `millrace-${name}.env`

/** A file that a shell can read, and the names that the Terraform provider looks for. */
export const environmentText = (endpoint: string, { accessKey, secretKey }: KeyPair): string =>
  [
    `export AUTOMQ_BYOC_ENDPOINT=${endpoint}`,
    `export AUTOMQ_BYOC_ACCESS_KEY=${accessKey}`,
    `export AUTOMQ_BYOC_SECRET_KEY=${secretKey}`,
    '',
  ].join('\n')

/** Without the secret: what lies in files that are shared. */
export const providerText = (endpoint: string, accessKey: string): string => `terraform {
  required_providers {
    automq = {
      source  = "automq/automq"
      version = ">= 0.4.3"
    }
  }
}

provider "automq" {
  automq_byoc_endpoint      = "${endpoint}"
  automq_byoc_access_key_id = "${accessKey}"
  automq_byoc_secret_key    = var.secret_key
}

variable "secret_key" {
  type      = string
  sensitive = true
}
`
