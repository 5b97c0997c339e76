;; A parser that gives up now and then: one exception in some hundred calls, through several frames.
(module
  (tag $error (param i32))
  (func $term (param $x i32) (param $depth i32) (result i32)
    (if (i32.eqz (local.get $depth)) (then
      (if (i32.eqz (i32.and (local.get $x) (i32.const 511))) (then (throw $error (local.get $x))))
      (return (local.get $x))))
    (i32.add
      (call $term (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)) (i32.sub (local.get $depth) (i32.const 1)))
      (call $term (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 7))) (i32.sub (local.get $depth) (i32.const 1)))))
  (func (export "run") (param $n i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum)
        (block $error (result i32)
          (try_table (result i32) (catch $error $error) (call $term (i32.mul (local.get $n) (i32.const 0x9e3779b9)) (i32.const 6))))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
