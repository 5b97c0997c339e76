;; Handlers in a hot loop that nothing is thrown to.
(module
  (memory 1)
  (tag $full (param i32))
  (global $count (mut i32) (i32.const 0))
  (func $push (param $at i32) (param $value i32) (result i32)
    (if (i32.ge_u (local.get $at) (i32.const 16384)) (then (throw $full (local.get $at))))
    (i32.store (i32.shl (local.get $at) (i32.const 2)) (local.get $value))
    (i32.add (local.get $at) (i32.const 1)))
  (func (export "run") (param $n i32) (result i32) (local $sum i32) (local $at i32) (local $i i32)
    (loop $round
      (local.set $at (i32.const 0))
      (loop $next
        (block $done
          (local.set $sum (block $full (result i32)
            (try_table (catch $full $full)
              (local.set $at (call $push (local.get $at) (local.get $sum)))
              (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 5)) (local.get $at))))
            (br $done))))
        (br_if $next (i32.lt_u (local.get $at) (i32.const 16000))))
      (br_if $round (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
