;; Throws and catches, in the function itself and below a call.
(module
  (tag $found (param i32))
  (tag $other)
  (func $search (param $i i32)
    (if (i32.and (local.get $i) (i32.const 1)) (then (throw $found (local.get $i))))
    (throw $other))
  (func (export "run") (param $n i32) (result i32) (local $sum i32)
    (loop $next
      (block $done
        (local.set $sum (i32.add (local.get $sum)
          (block $found (result i32)
            (block $other
              (try_table (catch $found $found) (catch $other $other) (call $search (local.get $n)))
              (unreachable))
            (local.set $sum (i32.xor (local.get $sum) (local.get $n)))
            (br $done)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
