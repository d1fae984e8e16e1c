import type { Sizes } from './growth-data.ts'
import { TEMPLATE } from './emulated-wechat.ts'

interface Step {
  what: string
  text: string
}

// Who is who, by the account's id. Nobody can be rung who is unbound or disabled; the penniless have used up all grants.
const UNBOUND = (id: string) => `${id} % 200 = 0`
const DISABLED = (id: string) => `${id} % 100 = 7`
const PENNILESS = (id: string) => `${id} % 10 = 9`
const CANNOT = (id: string) => `(${UNBOUND(id)} or ${DISABLED(id)} or ${PENNILESS(id)})`

/**
 * A year of work, oldest first, as the tables would have grown: rows of one person lie far apart. A lane's grants come
 * before the messages they pay for, four minutes apart at least, so that a replay of the book comes to the same.
 */
export function steps(sizes: Sizes): Step[] {
  const { staff, leads, heavyPeople, heavyShare, ready, inDoubt, ledgerRows, heavyBooks, heavyBook } = sizes
  return [
    {
      what: 'accounts',
      text: `insert into accounts (username, realname, created_at, disabled_at)
        select 'staff' || n, '员工' || n, now() - interval '2 years', case when ${DISABLED('n')} then now() - interval '10 days' end
        from generate_series(1, ${staff}) n`,
    },
    {
      what: 'bindings',
      text: `insert into wechat_bindings (openid, account_id, bound_at)
        select 'o6_bm' || left(md5(id::text), 23), id, created_at from accounts where not (${UNBOUND('id')})`,
    },
    {
      what: 'leads',
      text: `insert into clues (title, customer_name, phone, remark, status, version, assignee_id, assigned_at, read_at, created_at, deleted_at)
        select (array['咨询年度采购方案', '官网留言：企业版报价', '展会名片跟进', '老客户转介绍', '电话咨询售后续费'])[1 + n % 5] || ' ' || n,
          (array['陈', '林', '黄', '张', '李', '王', '吴', '刘'])[1 + n % 8] || (array['先生', '女士', '经理'])[1 + n % 3],
          '13' || lpad((random() * 999999999)::bigint::text, 9, '0'),
          case when n % 3 = 0 then '客户希望本周内回电，预算约二十万元，关注交付周期' else '' end,
          case when young and o < 0.6 then 'pending' when o < 0.25 then 'following' when o < 0.4 then 'won' when o < 0.47 then 'pending' else 'invalid' end,
          case when owner is null then 1 when again then 3 else 2 end,
          owner, assigned_at,
          case when owner is not null and o > (case when young then 0.4 else 0.01 end) then assigned_at + interval '20 minutes' end,
          created_at, case when d < 0.005 then created_at + interval '30 minutes' end
        from (
          select *, case when owner is not null then created_at + delay * interval '1 hour' + (case when again then 1 else 0 end) * interval '1 day' end as assigned_at
          from (
            select n, random() as o, random() as d, random() as delay, n % 19 = 0 and n < ${leads} * 0.99 as again, n > ${leads} * 0.92 as young,
              now() - interval '2 hours' - interval '365 days' * ((${leads} - n) / ${leads}::float8) as created_at,
              case when n % 20 = 0 then null
                when r < ${heavyPeople} * ${heavyShare} then 1 + floor(r / ${heavyShare})
                when n < ${leads} * 0.2 and r < ${heavyPeople} * ${heavyShare} + 5 * ${heavyShare} then 1 + ${heavyPeople}
                else ${heavyPeople + 2} + floor(${staff - heavyPeople - 2} * random() ^ 2) end::bigint as owner
            from (select n, random() as r from generate_series(1, ${leads}) n) diced) placed) timed
        order by n`,
    },
    {
      what: 'assignments',
      text: `insert into assignments (id, clue_id, assignee_id, clue_version, assigned_by, reason, assigned_at) overriding system value
        select row_number() over (order by assigned_at, clue_id), clue_id, assignee_id, clue_version, '调度员' || clue_id % 7, null, assigned_at
        from (
          select id as clue_id, assignee_id, version as clue_version, assigned_at from clues where assignee_id is not null
          union all
          select id, 1 + (id * 7919) % ${staff}, 2, assigned_at - interval '1 day' from clues where version = 3) turns
        order by 1`,
    },
    {
      what: 'deliveries',
      text: `insert into deliveries (id, assignment_id, clue_id, account_id, template_id, state, reason, attempts, run_at, openid, attempt_id, created_at, settled_at)
          overriding system value
        select id, id, clue_id, account_id, '${TEMPLATE}', state, case state when 'refused' then 'contentRefused' when 'dead' then 'expired' end,
          case when tried then 1 else 0 end, at, case when tried then openid end, case when tried then id end, at,
          case when state in ('sent', 'refused', 'dead') then at + (1 + id % 4) * interval '1 second' end
        from (
          select *, state in ('sent', 'refused') as tried
          from (
            select a.id, a.clue_id, a.assignee_id as account_id, a.assigned_at as at, b.openid,
              case
                when b.openid is null and not (open and recent) then 'dead'
                when open and recent and ${CANNOT('a.assignee_id')} then 'waiting'
                when recent and ${CANNOT('a.assignee_id')} then 'dead'
                when open and a.id > total - ${ready} * 2 then 'ready'
                when (a.id * 7) % 1000 < 2 then 'refused' when (a.id * 7) % 1000 < 5 then 'dead'
                else 'sent' end as state
            from (
              select t.*, count(*) over () as total, t.assigned_at > now() - interval '20 days' as recent,
                c.version = t.clue_version and c.deleted_at is null and c.status in ('pending', 'following') as open
              from assignments t join clues c on c.id = t.clue_id) a
            left join wechat_bindings b on b.account_id = a.assignee_id) stated) tried
        order by id`,
    },
    {
      what: 'deliveries in doubt',
      text: `update deliveries d set state = 'in_doubt', reason = 'unanswered', leased_until = now() + interval '1 day', settled_at = null
        from (select max(id) as id from deliveries where state = 'sent' and not ${CANNOT('account_id')}
          group by account_id order by 1 desc limit ${inDoubt}) newest
        where d.id = newest.id`,
    },
    {
      what: 'attempts',
      text: `insert into delivery_attempts (id, delivery_id, openid, template_id, started_at, ended_at, outcome, errcode, errmsg, msgid) overriding system value
        select id, id, openid, template_id, created_at, created_at + interval '1 second',
          case state when 'sent' then 'sent' when 'refused' then 'contentRefused' else 'unanswered' end,
          case state when 'refused' then 45168 end, case state when 'refused' then 'sensitive word' end,
          case when state = 'sent' then (2097683633284153000 + id)::text end
        from deliveries where attempt_id is not null
        order by id`,
    },
    {
      what: 'lanes',
      text: `create temporary table lanes as
        with counted as (
          select account_id, count(*) filter (where state = 'sent') as sent,
            count(*) filter (where state in ('ready', 'in_doubt')) as owed
          from deliveries group by 1),
        lane as (
          select b.account_id, b.openid, coalesce(sent, 0) as sent, coalesce(owed, 0) as owed, ${PENNILESS('b.account_id')} as penniless,
            -- somewhere in the middle, where people have an ordinary number of leads
            b.account_id >= ${staff} / 2 and b.account_id < ${staff} / 2 + ${heavyBooks} * 10 and b.account_id % 10 = 4 as heavy
          from wechat_bindings b left join counted c using (account_id)),
        spare as (select greatest(0, ${ledgerRows} - (select sum(3 * sent + 2 * owed) from lane)) / 2 / count(*) as each from lane)
        select *,
          1 + owed + case when heavy then greatest(0, (${heavyBook} - 3 * sent) / 2) else floor(random() * 2 * (select each from spare)) end::int as extra
        from lane`,
    },
    {
      what: 'ledger',
      text: `insert into ledger (kind, source, openid, template_id, delta, key, delivery_id, at, booked_at)
        with grants as (
          select openid, md5(account_id || '/' || k)::uuid as attempt,
            case when penniless or k <= sent
              then now() - interval '730 days' + interval '364 days' * ((k - 0.5) / (sent + case when penniless then extra else 0 end))
              else now() - interval '365 days' + interval '364 days' * ((k - sent - 0.5) / extra) end as at
          from lanes, generate_series(1, sent + extra) k),
        entries as (
          select 'grant' as kind, 'report' as source, openid, 1 as delta, 'report:' || openid || ':' || attempt || ':' || '${TEMPLATE}' as key,
            null::bigint as delivery_id, at from grants
          union all
          select 'grant', 'event', openid, 0, 'popup:' || openid || ':' || '${TEMPLATE}' || ':' || extract(epoch from at)::bigint || ':' || left(attempt::text, 8), null, at + interval '2 seconds' from grants
          union all
          select 'spend', 'send', openid, -1, 'attempt:' || id, id, settled_at from deliveries where state = 'sent'
          union all
          select 'zero', 'event', openid, -extra, 'zero:' || openid, null, now() - interval '20 days' + interval '1 minute' from lanes where penniless)
        select kind, source, openid, '${TEMPLATE}', delta, key, delivery_id, at, at + interval '1 second' from entries order by at`,
    },
    {
      what: 'quotas',
      text: `insert into quotas (openid, template_id, quota, latest_at)
        select openid, '${TEMPLATE}', case when penniless then 0 else extra end, latest_at
        from lanes join (select openid, max(at) as latest_at from ledger group by 1) book using (openid) order by latest_at`,
    },
    {
      what: 'identities',
      text: `select setval(pg_get_serial_sequence(t, 'id'), n) from (values
        ('assignments', (select max(id) from assignments)), ('deliveries', (select max(id) from deliveries)),
        ('delivery_attempts', (select max(id) from delivery_attempts))) as ids (t, n)`,
    },
  ]
}
