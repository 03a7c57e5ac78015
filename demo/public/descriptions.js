for (const button of document.querySelectorAll('[data-copy]')) {
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, ' ').trim();
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? button.dataset.done : button.dataset.failed;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
