;; Threads that sleep until they are woken, in cells of 32 and of 64 bits.

(module $memory (memory (export "shared") 1 1 shared))
(register "memory" $memory)

(thread $sleeper (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "wait32") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 5_000_000_000)))
    (func (export "wait64") (result i32) (memory.atomic.wait64 (i32.const 8) (i64.const 0) (i64.const 5_000_000_000)))
    (func (export "late") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
    (func (export "short") (result i32) (memory.atomic.wait64 (i32.const 16) (i64.const 0) (i64.const 1_000_000)))
  )
  ;; Woken, or there was nothing to wait for any more.
  (assert_return (invoke "wait32") (either (i32.const 0) (i32.const 1)))
  (assert_return (invoke "wait64") (i32.const 0))
  (assert_return (invoke "late") (i32.const 1))
  (assert_return (invoke "short") (i32.const 2))
)

(thread $waker (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "wake") (result i32)
      (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
      ;; Until somebody waits there.
      (loop $nobody
        (br_if $nobody (i32.eqz (memory.atomic.notify (i32.const 8) (i32.const 1)))))
      (i32.const 1))
  )
  (assert_return (invoke "wake") (i32.const 1))
)

(wait $sleeper)
(wait $waker)

(module
  (memory 1)
  (func (export "wait32") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))
  (func (export "wait64") (result i32) (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const 0)))
  (func (export "notify") (param i32) (result i32) (memory.atomic.notify (local.get 0) (i32.const 1))))
(assert_trap (invoke "wait32") "expected shared memory")
(assert_trap (invoke "wait64") "expected shared memory")
(assert_return (invoke "notify" (i32.const 65532)) (i32.const 0))
(assert_trap (invoke "notify" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "notify" (i32.const -4)) "out of bounds memory access")
(assert_trap (invoke "notify" (i32.const 2)) "unaligned atomic")
