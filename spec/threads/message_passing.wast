;; What is written before an atomic store is there for who has seen that store by an atomic load.

(module $memory (memory (export "shared") 1 1 shared))
(register "memory" $memory)

(thread $sender (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "send") (param $rounds i32)
      (local $round i32)
      (loop $next
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        ;; Plain stores of what is sent, then the flag.
        (i32.store (i32.const 16) (local.get $round))
        (i64.store (i32.const 24) (i64.extend_i32_u (local.get $round)))
        (i32.atomic.store (i32.const 0) (local.get $round))
        ;; Until it has been taken.
        (loop $taken
          (br_if $taken (i32.ne (i32.atomic.load (i32.const 4)) (local.get $round))))
        (br_if $next (i32.lt_u (local.get $round) (local.get $rounds)))))
  )
  (assert_return (invoke "send" (i32.const 500)))
)

(thread $receiver (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "receive") (param $rounds i32) (result i64)
      (local $round i32) (local $sum i64)
      (loop $next
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (loop $sent
          (br_if $sent (i32.ne (i32.atomic.load (i32.const 0)) (local.get $round))))
        (if (i32.ne (i32.load (i32.const 16)) (local.get $round)) (then (unreachable)))
        (local.set $sum (i64.add (local.get $sum) (i64.load (i32.const 24))))
        (i32.atomic.store (i32.const 4) (local.get $round))
        (br_if $next (i32.lt_u (local.get $round) (local.get $rounds))))
      (local.get $sum))
  )
  (assert_return (invoke "receive" (i32.const 500)) (i64.const 125250))
)

(wait $sender)
(wait $receiver)

(module $check
  (memory (import "memory" "shared") 1 1 shared)
  (func (export "taken") (result i32) (i32.atomic.load (i32.const 4))))
(assert_return (invoke $check "taken") (i32.const 500))
