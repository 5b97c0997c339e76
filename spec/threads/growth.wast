;; Who learns of a page that another thread has grown by may use it at once.

(module $memory (memory (export "shared") 1 300 shared))
(register "memory" $memory)

(thread $grower (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 300 shared)
    (func (export "run") (param $rounds i32)
      (local $at i32)
      (loop $next
        (local.set $at (i32.shl (memory.grow (i32.const 1)) (i32.const 16)))
        (i32.store offset=65532 (local.get $at) (local.get $at))
        (i32.atomic.store (i32.const 0) (local.get $at))
        (loop $taken (br_if $taken (i32.ne (i32.atomic.load (i32.const 4)) (local.get $at))))
        (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))
  )
  (assert_return (invoke "run" (i32.const 60)))
)

(thread $user (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 300 shared)
    ;; Told by an atomic load, in a function that calls nothing and grows nothing.
    (func (export "run") (param $rounds i32)
      (local $last i32) (local $at i32)
      (loop $next
        (loop $sent
          (br_if $sent (i32.eq (local.tee $at (i32.atomic.load (i32.const 0))) (local.get $last))))
        (if (i32.ne (i32.load offset=65532 (local.get $at)) (local.get $at)) (then (unreachable)))
        (local.set $last (local.get $at))
        (i32.atomic.store (i32.const 4) (local.get $at))
        (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))
    ;; Told by the size.
    (func (export "last") (result i32)
      (i32.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4))))
  )
  (assert_return (invoke "run" (i32.const 60)))
  (assert_return (invoke "last") (i32.const 0x3c0000))
)

(wait $grower)
(wait $user)
