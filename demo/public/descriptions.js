for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, ' ').trim();
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? 'Скопировано' : 'Не удалось скопировать';
    setTimeout(() => (button.textContent = 'Скопировать'), 2000);
  });
}
