// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/point_filter.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/cost_words.h"

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::ErrorClass;
using gateway::ErrorCode;

/// "state:failed (error:rate_limited OR error:quota)": all codes that count as that class.
QString errorFilter(const QString &seriesId)
{
    bool known = false;
    const int number = seriesId.toInt(&known);
    if (!known)
        return u"status:>=400"_s;
    const auto kind = ErrorClass(number);
    if (kind == ErrorClass::Cut)
        return u"state:cut"_s;
    QStringList codes;
    for (int code = 0; code <= int(ErrorCode::Internal); ++code)
        if (gateway::errorClass(ErrorCode(code)) == kind)
            codes.append(u"error:"_s + bridge::qt(gateway::toText(ErrorCode(code))));
    return u"state:failed "_s + (codes.size() == 1 ? codes.front() : u'(' + codes.join(u" OR "_s) + u')');
}

QString costFilter(const QString &seriesId)
{
    if (seriesId.isEmpty() || seriesId == u"*" || seriesId == u"none")
        return u"cost:>0"_s;
    gateway::CostGroup group;
    group.kind = seriesId == unattributedId ? gateway::CostGroup::Kind::None : gateway::CostGroup::Kind::Named;
    if (group.kind == gateway::CostGroup::Kind::Named)
        group.name = bridge::utf8(seriesId);
    return costs::filterOf(group, gateway::CostField::Team).value_or(QString());
}

} // namespace

QString pointFilter(Figures chart, const QString &seriesId)
{
    switch (chart) {
    case Figures::Errors: return errorFilter(seriesId);
    case Figures::Cost: return costFilter(seriesId);
    case Figures::FirstToken: return u"stream:true"_s;
    case Figures::Tokens: return seriesId.isEmpty() ? QString() : seriesId == u"in" ? u"tokens.in:>0"_s : u"tokens.out:>0"_s;
    case Figures::Cache: return seriesId.isEmpty() ? u"NOT cache:off"_s : seriesId == u"hits" ? u"(cache:hit OR cache:semantic)"_s : u"cache:miss"_s;
    case Figures::Latency:
    case Figures::All: break;
    }
    return {};
}

} // namespace ui::overview
