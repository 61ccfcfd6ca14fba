// A filter that is chosen by name narrows the list at once; without this script there is its button.

window.django.jQuery(document).on("change", ".choice-by-name select", ({ target }) => target.form.submit())
