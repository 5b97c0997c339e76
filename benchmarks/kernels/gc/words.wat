;; Arrays of 32-bit integers: Quicksort.
(module
  (type $words (array (mut i32)))
  (func $sort (param $a (ref $words)) (param $low i32) (param $high i32)
    (local $i i32) (local $j i32) (local $pivot i32) (local $x i32)
    (loop $again
      (if (i32.ge_s (local.get $low) (local.get $high)) (then (return)))
      (local.set $pivot (array.get $words (local.get $a) (i32.shr_u (i32.add (local.get $low) (local.get $high)) (i32.const 1))))
      (local.set $i (local.get $low))
      (local.set $j (local.get $high))
      (loop $partition
        (loop $up
          (if (i32.lt_s (array.get $words (local.get $a) (local.get $i)) (local.get $pivot))
            (then (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $up))))
        (loop $down
          (if (i32.gt_s (array.get $words (local.get $a) (local.get $j)) (local.get $pivot))
            (then (local.set $j (i32.sub (local.get $j) (i32.const 1))) (br $down))))
        (if (i32.le_s (local.get $i) (local.get $j)) (then
          (local.set $x (array.get $words (local.get $a) (local.get $i)))
          (array.set $words (local.get $a) (local.get $i) (array.get $words (local.get $a) (local.get $j)))
          (array.set $words (local.get $a) (local.get $j) (local.get $x))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (local.set $j (i32.sub (local.get $j) (i32.const 1)))))
        (br_if $partition (i32.le_s (local.get $i) (local.get $j))))
      (call $sort (local.get $a) (local.get $low) (local.get $j))
      (local.set $low (local.get $i))
      (br $again)))
  (func (export "run") (param $n i32) (result i32) (local $a (ref null $words)) (local $i i32) (local $x i32) (local $sum i32)
    (local.set $a (array.new_default $words (local.get $n)))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (array.set $words (local.get $a) (local.get $i) (i32.shr_s (local.get $x) (i32.const 8)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (call $sort (ref.as_non_null (local.get $a)) (i32.const 0) (i32.sub (local.get $n) (i32.const 1)))
    (local.set $i (i32.const 0))
    (loop $check
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (array.get $words (local.get $a) (local.get $i))))
      (br_if $check (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $sum)))
