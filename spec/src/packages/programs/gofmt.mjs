// The Go formatter, by TinyGo.
import { format } from "@wasm-fmt/gofmt";

export default function () {
  const sources = [
    'package main\nimport ("os";"fmt")\nfunc main(){x:=[]int{1,2,3};for _,v:=range x{fmt.Println(v,os.Args)}}\n',
    "package p\ntype T[K comparable,V any] struct{m map[K]V;next *T[K,V]}\nfunc (t T[K,V])Get(k K)(v V,ok bool){v,ok=t.m[k];return}\n",
    "package p\nfunc {",
  ];
  return sources.map((source) => {
    try {
      return format(source);
    } catch (error) {
      return `error: ${error.message ?? error}`;
    }
  });
}
