;; Two threads write one cell each and then read the other's, atomically: not both can read what was there before.

(module $memory (memory (export "shared") 1 1 shared))
(register "memory" $memory)

(thread $first (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    ;; Round r has two cells at 16 r + 1024, and two for what was read.
    (func (export "run") (param $rounds i32)
      (local $at i32)
      (local.set $at (i32.const 1024))
      (loop $next
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        ;; Both are at the same round.
        (loop $both
          (br_if $both (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.shr_u (i32.sub (local.get $at) (i32.const 1008)) (i32.const 3)))))
        (i32.atomic.store (local.get $at) (i32.const 1))
        (i32.store offset=8 (local.get $at) (i32.atomic.load offset=4 (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))
  )
  (assert_return (invoke "run" (i32.const 500)))
)

(thread $second (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 1 shared)
    (func (export "run") (param $rounds i32)
      (local $at i32)
      (local.set $at (i32.const 1024))
      (loop $next
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (loop $both
          (br_if $both (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.shr_u (i32.sub (local.get $at) (i32.const 1008)) (i32.const 3)))))
        (i32.atomic.store offset=4 (local.get $at) (i32.const 1))
        (i32.store offset=12 (local.get $at) (i32.atomic.load (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))
  )
  (assert_return (invoke "run" (i32.const 500)))
)

(wait $first)
(wait $second)

(module $check
  (memory (import "memory" "shared") 1 1 shared)
  ;; Rounds in which both have read 0.
  (func (export "impossible") (param $rounds i32) (result i32)
    (local $at i32) (local $found i32)
    (local.set $at (i32.const 1024))
    (loop $next
      (local.set $found
        (i32.add (local.get $found)
          (i32.eqz (i32.or (i32.load offset=8 (local.get $at)) (i32.load offset=12 (local.get $at))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $found)))
(assert_return (invoke $check "impossible" (i32.const 500)) (i32.const 0))
