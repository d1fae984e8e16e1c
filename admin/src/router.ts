import { createRouter, createWebHashHistory } from 'vue-router'
import { useSession } from './stores/session.ts'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Shown without a login. */
    open?: boolean
  }
}

/** Behind the hash: below /admin/ the backend has calls of the same names. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/clues' },
    {
      path: '/login',
      component: () => import('./pages/login/LoginPage.vue'),
      meta: { title: '登录', open: true },
    },
    { path: '/clues', component: () => import('./pages/clues/CluesPage.vue'), meta: { title: '线索' } },
    {
      path: '/import',
      component: () => import('./pages/import/ImportPage.vue'),
      meta: { title: '导入线索' },
    },
    {
      path: '/deliveries',
      component: () => import('./pages/deliveries/DeliveriesPage.vue'),
      meta: { title: '提醒' },
    },
    { path: '/staff', component: () => import('./pages/staff/StaffPage.vue'), meta: { title: '员工' } },
    {
      path: '/overview',
      component: () => import('./pages/overview/OverviewPage.vue'),
      meta: { title: '概览' },
    },
    {
      path: '/:unknown(.*)',
      component: () => import('./pages/UnknownPage.vue'),
      meta: { title: '没有这一页' },
    },
  ],
})

router.beforeEach((to) => {
  const { user } = useSession()
  if (!to.meta.open && !user) return { path: '/login', query: { to: to.fullPath } }
  if (to.path === '/login' && user) return '/clues'
  return true
})

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · 线索铃后台` : '线索铃后台'
})
