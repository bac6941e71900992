// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/draft_problems.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_words.h"

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;

QList<DraftProblem> draftProblems(const Config &config, const std::vector<gateway::api::FieldError> &problems)
{
    static const QRegularExpression form(u"^routes\\[(\\d+)\\]\\.?(.*)$"_s);
    QList<DraftProblem> found;
    for (const gateway::api::FieldError &problem : problems) {
        DraftProblem one;
        one.text = bridge::qt(problem.message);
        one.where = bridge::qt(problem.field);
        one.warning = problem.warning;
        const auto match = form.match(one.where);
        const auto index = match.captured(1).toUInt();
        if (match.hasMatch() && index < config.routes.size()) {
            const Route &route = config.routes[index];
            one.route = static_cast<int>(index);
            one.where = bridge::qt(route.name);
            if (const auto place = pathOf(route.plan, match.captured(2))) {
                one.node = place->first;
                one.where = QCoreApplication::translate("ui::routes", "%1, %2").arg(one.where, fullTitleOf(*nodeAt(route.plan, place->first)));
            }
        }
        found << one;
    }
    return found;
}

} // namespace ui::routes
