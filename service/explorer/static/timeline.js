// The slider of the time line tells its day while it moves, and goes there when it is let go.
const slider = document.querySelector("#step[data-days]");
if (slider) {
  const days = slider.dataset.days.split(" ");
  const output = slider.form.querySelector("output");
  slider.addEventListener("input", () => {
    output.textContent = days[slider.value];
    slider.setAttribute("aria-valuetext", days[slider.value]);
  });
  slider.setAttribute("aria-valuetext", output.textContent);
  slider.addEventListener("pointerup", () => slider.form.requestSubmit());
}
