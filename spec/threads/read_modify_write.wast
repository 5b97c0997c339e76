;; Nothing that threads add is lost, in cells of any size, nor pages that they grow a memory by.

(module $memory (memory (export "shared") 1 64 shared))
(register "memory" $memory)

(thread $first (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 64 shared)
    (func (export "run") (param $rounds i32)
      (loop $next
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (i64.atomic.rmw.add (i32.const 8) (i64.const 0x1_0000_0001)))
        (drop (i32.atomic.rmw8.add_u (i32.const 16) (i32.const 1)))
        (drop (i64.atomic.rmw16.sub_u (i32.const 18) (i64.const 1)))
        (drop (i32.atomic.rmw.xor (i32.const 20) (i32.const 0x0f0f0f0f)))
        (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))
    ;; Marks each page by what `memory.grow` gave, which nobody else may have been given.
    (func (export "grow") (param $times i32) (result i32)
      (local $page i32)
      (loop $next
        (local.set $page (memory.grow (i32.const 1)))
        (if (i32.eq (local.get $page) (i32.const -1)) (then (return (i32.const -1))))
        (if (i32.atomic.rmw.add (i32.shl (local.get $page) (i32.const 16)) (i32.const 1)) (then (unreachable)))
        (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (i32.const 0))
  )
  (assert_return (invoke "run" (i32.const 5000)))
  (assert_return (invoke "grow" (i32.const 20)) (i32.const 0))
)

(thread $second (shared (module $memory))
  (register "memory" $memory)
  (module
    (memory (import "memory" "shared") 1 64 shared)
    (func (export "run") (param $rounds i32)
      (loop $next
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (i64.atomic.rmw.add (i32.const 8) (i64.const 0x1_0000_0001)))
        (drop (i32.atomic.rmw8.add_u (i32.const 16) (i32.const 1)))
        (drop (i64.atomic.rmw16.sub_u (i32.const 18) (i64.const 1)))
        (drop (i32.atomic.rmw.xor (i32.const 20) (i32.const 0xf0f0f0f0)))
        (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))
    (func (export "grow") (param $times i32) (result i32)
      (local $page i32)
      (loop $next
        (local.set $page (memory.grow (i32.const 1)))
        (if (i32.eq (local.get $page) (i32.const -1)) (then (return (i32.const -1))))
        (if (i32.atomic.rmw.add (i32.shl (local.get $page) (i32.const 16)) (i32.const 1)) (then (unreachable)))
        (br_if $next (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (i32.const 0))
  )
  (assert_return (invoke "run" (i32.const 5001)))
  (assert_return (invoke "grow" (i32.const 20)) (i32.const 0))
)

(wait $first)
(wait $second)

(module $check
  (memory (import "memory" "shared") 1 64 shared)
  (func (export "i32") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "i64") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "pages") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
(assert_return (invoke $check "i32" (i32.const 0)) (i32.const 10001))
(assert_return (invoke $check "i64" (i32.const 8)) (i64.const 0x2711_0000_2711))
;; 10001 is 0x2711, and minus that 0xd8ef.
(assert_return (invoke $check "i32" (i32.const 16)) (i32.const 0xd8ef0011))
(assert_return (invoke $check "i32" (i32.const 20)) (i32.const 0xf0f0f0f0))
(assert_return (invoke $check "pages") (i32.const 41))
(assert_return (invoke $check "i32" (i32.const 0x280000)) (i32.const 1))
(assert_trap (invoke $check "i32" (i32.const 0x290000)) "out of bounds memory access")
(assert_return (invoke $check "grow" (i32.const 24)) (i32.const -1))
(assert_return (invoke $check "grow" (i32.const 23)) (i32.const 41))
