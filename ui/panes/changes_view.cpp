// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/changes_view.h"

#include "gateway/config/entry_texts.h"
#include "ui/bridge/text.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::panes {

using namespace gateway::config;
using namespace widgets;

ChangesView::ChangesView(QWidget *parent) : QScrollArea(parent)
{
    setObjectName(u"changesView"_s);
    setAccessibleName(tr("What changes"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAutoFillBackground(false);
}

void ChangesView::setChanges(const Config &before, const Config &after, Secrets secrets)
{
    auto *list = new QWidget;
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_count = 0;
    for (const Change &change : diff(before, after)) {
        const EntryTexts texts = textsOf(change, before, after);
        const bool told = texts.before != texts.after;
        if (!told && secrets == Secrets::Apart)
            continue;
        ++m_count;
        const QString what = change.kind == Change::Kind::Added ? tr(" · new") : change.kind == Change::Kind::Removed ? tr(" · removed") : QString();
        auto *line = new Label(Label::Kind::Body, bridge::qt(change.entry) + what);
        line->setFont(textFont(13, QFont::DemiBold));
        column->addWidget(line);
        if (told) {
            column->addWidget(new DiffView(bridge::qt(texts.before), bridge::qt(texts.after)));
            continue;
        }
        for (const std::string &field : change.fields)
            column->addWidget(new Label(Label::Kind::Secondary, bridge::qt(field)));
    }
    if (m_count == 0)
        column->addWidget(new Label(Label::Kind::Secondary, tr("Nothing differs.")));
    column->addStretch(1);
    setWidget(list); // the one before goes
    list->setAutoFillBackground(false);
    setMinimumHeight(std::min(320, list->sizeHint().height() + 4));
    updateGeometry();
}

QSize ChangesView::sizeHint() const { return widget() ? widget()->sizeHint() : QScrollArea::sizeHint(); }

} // namespace ui::panes
