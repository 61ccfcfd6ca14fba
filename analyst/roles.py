"""What each role may do. Which roles a person has is data: groups of these names."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group, User
from django.db import models


def _permissions(model: type[models.Model], actions: Iterable[str]) -> set[str]:
    opts = model._meta
    return {f"{opts.app_label}.{get_permission_codename(action, opts)}" for action in actions}


def _may(actions: str, nouns: str) -> set[str]:
    """For instance `_may("view add", "articles.image articles.tag")`."""
    return {name for noun in nouns.split() for name in _permissions(apps.get_model(noun), actions.split())}


def _everything(room: str) -> set[str]:
    """All that can be permitted in a room, whatever it gains."""
    if not apps.is_installed(room):
        return set()
    found = set()
    for model in apps.get_app_config(room).get_models():
        found |= _permissions(model, model._meta.default_permissions)
        found |= {f"{room}.{codename}" for codename, _ in model._meta.permissions}
    return found


ALL = "view add change delete"


@dataclass(frozen=True)
class Role:
    name: str
    says: str

    @property
    def may(self) -> frozenset[str]:
        return _MAY()[self.name]


CONTRIBUTOR = Role("Contributor", "Writes drafts of their own. Sees no other article, and publishes nothing.")
EDITOR = Role("Editor", "Writes and edits every text, and keeps authors, images and tags. Publishes nothing.")
PUBLISHER = Role("Publisher", "Does all that an editor does; publishes, corrects and withdraws, and releases issues.")
NEWSLETTER = Role("Newsletter", "Keeps subscribers and events; writes and sends the newsletter.")
ADMINISTRATOR = Role("Administrator", "Invites people, gives roles, reads the audit log, keeps pages and categories.")
ROLES = (CONTRIBUTOR, EDITOR, PUBLISHER, NEWSLETTER, ADMINISTRATOR)


@cache
def _MAY() -> dict[str, frozenset[str]]:  # noqa: N802
    shelves = "articles.author articles.category articles.image articles.issue articles.tag"
    furniture = "articles.category articles.oldaddress analyst.page publications.partner"
    contributor = (
        _may("view", shelves)
        | _may("add", "articles.article articles.image")
        | _may(ALL, "articles.byline")
        | {"articles.write_own_article"}
    )
    editor = (
        _may(ALL, "articles.article articles.byline articles.author articles.image articles.tag")
        | _may(ALL, "publications.publication publications.authorship")
        | _may("view add change", "articles.issue")
        | _may("view", f"{shelves} {furniture} reads.total")
        | _may("view add delete", "reads.reportlink")
        | _may("view", "articles.deleted")
    )
    decides = {f"articles.{verb}_article" for verb in ("publish", "correct", "withdraw")} | {"articles.release_issue"}
    publisher = editor | decides | _may(ALL, f"{furniture} articles.issue")
    newsletter = _everything("newsletter") | _may(
        "view", f"articles.deleted {shelves} articles.article publications.publication reads.total"
    )
    administrator = (
        _may("view add change", "auth.user")
        | _may(ALL, furniture)
        | _may("view", f"{shelves} articles.article articles.byline publications.publication publications.authorship")
        | _may(
            "view", "articles.deleted admin.logentry reads.total reads.reportlink django_tasks_database.dbtaskresult"
        )
    )
    sets = (contributor, editor, publisher, newsletter, administrator)
    return {role.name: frozenset(may) for role, may in zip(ROLES, sets, strict=True)}


class RolesBackend(AuthenticationBackend):
    """Signs in, and says what a person's roles permit: the roles above are the rule, not the permissions of groups."""

    def get_group_permissions(self, user_obj: User, obj: models.Model | None = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_group_permissions(user_obj)
        return {name for role in roles_of(user_obj) for name in role.may}

    def with_perm(
        self, perm: str, is_active: bool = True, include_superusers: bool = True, obj: models.Model | None = None
    ) -> "models.QuerySet[User]":
        """Who has a right, by a role or otherwise."""
        otherwise = super().with_perm(perm, is_active, include_superusers, obj)
        roles = [role.name for role in ROLES if perm in role.may]
        having = User.groups.through.objects.filter(group__name__in=roles).values("user")
        found = User.objects.filter(models.Q(pk__in=otherwise.values("pk")) | models.Q(pk__in=having))
        return found.filter(is_active=True) if is_active else found


def roles_of(user: User) -> list[Role]:
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True))
        user._roles = [role for role in ROLES if role.name in names]  # type: ignore[attr-defined]
    return user._roles  # type: ignore[attr-defined]


def give(user: User, roles: Iterable[Role]) -> None:
    """These roles and no others. Whoever has one is let into the desk."""
    roles = list(roles)
    user.groups.set([Group.objects.get_or_create(name=role.name)[0] for role in roles])
    user.is_staff = bool(roles) or user.is_superuser
    user.save(update_fields=["is_staff"])
    user.__dict__.pop("_roles", None)
    user.__dict__.pop("_perm_cache", None)
