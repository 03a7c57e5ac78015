for (const button of document.querySelectorAll('[data-copy-code]')) {
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard
      .writeText(document.getElementById(button.dataset.copyCode).textContent)
      .then(
        () => true,
        () => false,
      );
    button.textContent = copied ? button.dataset.done : button.dataset.failed;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
