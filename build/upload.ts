import { resolve } from 'node:path'
import { wordCiFailure } from './ci-failure.ts'
import type { MiniProgramCi } from './miniprogram-ci.ts'

export interface UploadJob {
  /** A built mini-program that passed the checks of upload-checks.ts. */
  folder: string
  appid: string
  /** A path, so that the key's content stays out of our hands. */
  privateKeyPath: string
  /** What the console shows beside it. */
  description: string
  /** 1 to 30. */
  robot: number
  /** As a version of the console's list, or as a QR code that ends after a while. */
  as: { kind: 'upload'; version: string } | { kind: 'preview'; qrcodeFile: string }
}

export type UploadOutcome =
  /** What WeChat measured, in bytes. */
  | { ok: true; packages: { name: string; bytes: number }[] }
  /** One Chinese sentence. */
  | { ok: false; sentence: string }

/** Uploads or previews a folder with WeChat's miniprogram-ci. Never rejects: what it throws becomes a sentence. */
export async function uploadMiniProgram(ci: MiniProgramCi, job: UploadJob): Promise<UploadOutcome> {
  try {
    const options = {
      project: new ci.Project({
        appid: job.appid,
        type: 'miniProgram',
        projectPath: resolve(job.folder),
        privateKeyPath: resolve(job.privateKeyPath),
        ignores: ['node_modules/**/*'],
      }),
      desc: job.description,
      robot: job.robot,
      setting: { useProjectConfig: true as const },
      onProgressUpdate: () => undefined,
    }
    const result =
      job.as.kind === 'upload'
        ? await ci.upload({ ...options, version: job.as.version })
        : await ci.preview({
            ...options,
            qrcodeFormat: 'image',
            qrcodeOutputDest: resolve(job.as.qrcodeFile),
          })
    const packages = (result.subPackageInfo ?? []).map(({ name, size }) => ({ name, bytes: size }))
    return { ok: true, packages }
  } catch (error) {
    return { ok: false, sentence: wordCiFailure(error) }
  }
}
