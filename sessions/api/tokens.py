"""`/tokens/`: the cards and app keys that drivers charge with."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers

from sessions.domain.authorization import token_key
from sessions.domain.words import TokenStatus, TokenType
from sessions.models import Token
from stations.api.fields import account_field, new_rows_operator_field
from stations.api.filters import WholeNumberFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import DeletableResource
from stations.models.choices import choices
from stations.permissions import reads_tokens
from stations.services.ownership import ownership_errors


class TokenSerializer(RowSerializer[Token]):
    operator = new_rows_operator_field()
    account = account_field()
    uid = serializers.CharField(
        max_length=36, help_text="Shown in full to those who may change tokens."
    )

    class Meta:
        model = Token
        fields = [
            "id",
            "operator",
            "account",
            "uid",
            "type",
            "visual_number",
            "group",
            "status",
            "valid_from",
            "valid_to",
            "created_at",
        ]

    def validate_uid(self, uid: str) -> str:
        key = token_key(uid)
        if not key:
            raise serializers.ValidationError("Enter letters or digits.")
        found = Token.objects.filter(key=key).first()
        if found is not None and found != self.instance:
            raise serializers.ValidationError("There is a token with this UID.")
        return uid

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        account, operator = self._new("account", attrs), self._new("operator", attrs)
        valid_from, valid_to = self._new("valid_from", attrs), self._new("valid_to", attrs)
        errors = ownership_errors(None, operator=operator, account=account)
        if errors:
            raise serializers.ValidationError(errors)
        if valid_from and valid_to and valid_to <= valid_from:
            raise serializers.ValidationError({"valid_to": "The token ends before it begins."})
        return attrs

    def save(self, **values: Any) -> Token:
        uid = self.validated_data.get("uid")
        if uid is not None:
            values["key"] = token_key(uid)
        return super().save(**values)

    def to_representation(self, instance: Token) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if not reads_tokens(self.context["request"].user):
            shown["uid"] = instance.masked
        return shown

    def _new(self, name: str, attrs: dict[str, Any]) -> Any:
        return attrs[name] if name in attrs else getattr(self.instance, name, None)


class TokenFilters(filters.FilterSet):
    uid = filters.CharFilter(method="filter_uid")
    operator = WholeNumberFilter(field_name="operator")
    account = WholeNumberFilter(field_name="account")
    type = filters.ChoiceFilter(choices=choices(TokenType))
    status = filters.ChoiceFilter(choices=choices(TokenStatus))
    group = filters.CharFilter()

    def filter_uid(self, tokens: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return tokens.filter(key=token_key(value))


class TokenViewSet(DeletableResource):
    """Cards and app keys; one that was used is blocked rather than deleted."""

    queryset = Token.objects.all()
    serializer_class = TokenSerializer
    filterset_class = TokenFilters
