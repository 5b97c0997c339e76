// A layout engine in C++, by Emscripten's embind: floats, and functions of JavaScript that measure.
import { Align, Direction, Edge, FlexDirection, loadYoga, MeasureMode, Wrap } from "yoga-layout/load";

export default async function () {
  const { Config, Node } = await loadYoga();
  const config = Config.create();
  config.setPointScaleFactor(0);
  const root = Node.create(config);
  root.setFlexDirection(FlexDirection.Row);
  root.setFlexWrap(Wrap.Wrap);
  root.setAlignItems(Align.Center);
  root.setPadding(Edge.All, 3.3);
  const children = Array.from({ length: 30 }, (_, i) => {
    const child = Node.create(config);
    if (i % 3 === 0)
      child.setMeasureFunc((width, mode) => ({
        width: mode === MeasureMode.Exactly ? width : Math.min(width, 10 + i * 1.7),
        height: 7 + (i % 5) * 1.1,
      }));
    else child.setWidth(9.9 + i);
    child.setMargin(Edge.Horizontal, 0.7);
    child.setFlexGrow(i % 2);
    root.insertChild(child, i);
    return child;
  });
  root.calculateLayout(333.3, undefined, Direction.LTR);
  const layout = children.map((child) => Object.values(child.getComputedLayout()));
  root.freeRecursive();
  return layout;
}
