// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/live_section.h"

#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/sparkline.h"

#include <QGridLayout>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;

LiveSection::LiveSection(std::function<void()> openCalls, QWidget *parent) : QWidget(parent)
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(16, 10, 16, 12);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    auto *heading = new QHBoxLayout;
    heading->addWidget(new Label(Label::Kind::Strong, tr("In this route")));
    heading->addStretch(1);
    auto *open = new Button(Button::Kind::Link, Icon::None, tr("Open calls"));
    open->setSmall(true);
    open->setObjectName(u"routes.inspector.calls"_s);
    heading->addWidget(open);
    connect(open, &QPushButton::clicked, this, openCalls);
    grid->addLayout(heading, 0, 0, 1, 3);
    const QStringList names {tr("Calls"), tr("p95"), tr("Errors"), tr("Cost")};
    for (int i = 0; i < 4; ++i) {
        m_values[i] = new Label(Label::Kind::Strong, unknownText());
        m_lines[i] = new Sparkline;
        m_lines[i]->setFixedSize(72, 18);
        grid->addWidget(new Label(Label::Kind::Field, names[i]), i + 1, 0);
        grid->addWidget(m_values[i], i + 1, 1);
        grid->addWidget(m_lines[i], i + 1, 2, Qt::AlignRight);
    }
    grid->setColumnMinimumWidth(0, 76);
    grid->setColumnStretch(1, 1);
}

void LiveSection::show(const std::optional<TargetHour> &hour)
{
    const TargetHour known = hour.value_or(TargetHour {});
    m_values[0]->setText(hour ? count(hour->calls) : unknownText());
    m_values[1]->setText(latency(known.p95Us));
    m_values[2]->setText(share(known.errorShare));
    m_values[3]->setText(hour && hour->costKnown && hour->calls > 0 ? money(hour->cost) : unknownText());
    m_lines[0]->setValues(known.callHistory, 0);
    m_lines[1]->setValues(known.p95History, 0);
    m_lines[2]->setValues(known.errorHistory, 7);
    m_lines[3]->setValues(known.costKnown ? known.costHistory : QList<double> {}, 2);
}

} // namespace ui::routes
