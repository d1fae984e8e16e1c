/* global Component */
Component({
  relations: {
    './item': {
      type: 'child',
      linked() {
        this.recount()
      },
      unlinked() {
        this.recount()
      },
    },
  },
  data: { size: 0 },
  methods: {
    recount() {
      this.setData({ size: this.getRelationNodes('./item').length })
    },
  },
})
