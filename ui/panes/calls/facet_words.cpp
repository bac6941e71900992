// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/facet_words.h"

#include <QCoreApplication>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

constexpr std::array<std::pair<const char *, const char *>, 11> titles {{
    {"state", QT_TRANSLATE_NOOP("calls", "How it ended")},
    {"error", QT_TRANSLATE_NOOP("calls", "Error")},
    {"status", QT_TRANSLATE_NOOP("calls", "Status")},
    {"team", QT_TRANSLATE_NOOP("calls", "Team")},
    {"route", QT_TRANSLATE_NOOP("calls", "Route")},
    {"model", QT_TRANSLATE_NOOP("calls", "Model")},
    {"provider", QT_TRANSLATE_NOOP("calls", "Provider")},
    {"key", QT_TRANSLATE_NOOP("calls", "Key")},
    {"endpoint", QT_TRANSLATE_NOOP("calls", "Endpoint")},
    {"cache", QT_TRANSLATE_NOOP("calls", "Cache")},
    {"tag", QT_TRANSLATE_NOOP("calls", "Tag")},
}};

} // namespace

QString facetTitle(const QString &field)
{
    for (const auto &[name, title] : titles) {
        if (field == QLatin1StringView(name))
            return tr(title);
    }
    return field;
}

QString facetValue(const QString &field, const QString &value)
{
    if (value.isEmpty())
        return tr(QT_TRANSLATE_NOOP("calls", "none"));
    if (field == u"status" && value == u"<400")
        return tr(QT_TRANSLATE_NOOP("calls", "below 400"));
    return value;
}

} // namespace ui::calls
