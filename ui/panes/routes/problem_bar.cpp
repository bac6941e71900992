// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/problem_bar.h"

#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QListWidget>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;

ProblemBar::ProblemBar(QWidget *parent)
    : Panel(Role::Surface, Qt::TopEdge, parent), m_state(new StateLabel), m_note(new StateLabel), m_divider(new Divider(Qt::Vertical)),
      m_show(new Button(Button::Kind::Link, Icon::None, tr("Show"))), m_list(new QListWidget)
{
    setObjectName(u"routes.problems"_s);
    m_state->setObjectName(u"routes.problems.state"_s);
    m_note->setObjectName(u"routes.problems.note"_s);
    m_show->setObjectName(u"routes.problems.show"_s);
    m_list->setObjectName(u"routes.problems.list"_s);
    m_show->setSmall(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("What is wrong with the draft"));
    m_list->setFixedHeight(112);
    m_list->hide();
    m_divider->setFixedHeight(16);
    m_state->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(16, 0, 12, 0);
    line->setSpacing(12);
    line->addWidget(m_state);
    line->addWidget(m_divider);
    line->addWidget(m_note, 1);
    line->addWidget(m_show);
    auto *bar = new QWidget;
    bar->setFixedHeight(35);
    bar->setLayout(line);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 1, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_list);
    connect(m_show, &QPushButton::clicked, this, [this] { openList(!listOpen()); });
    const auto choose = [this](QListWidgetItem *item) { Q_EMIT chosen(item->data(Qt::UserRole).toInt()); };
    connect(m_list, &QListWidget::itemClicked, this, choose);
    connect(m_list, &QListWidget::itemActivated, this, choose);
    setNote({});
}

void ProblemBar::setState(int state, const QString &text)
{
    switch (state) {
    case 0: m_state->setState(Icon::Ok, Role::Ok, text); break;
    case 1: m_state->setState(Icon::Clock, Role::Muted, text); break;
    case 2: m_state->setState(Icon::Error, Role::Err, text); break;
    default: m_state->setState(Icon::Info, Role::Muted, text); break;
    }
}

void ProblemBar::setNote(const QString &note)
{
    m_note->setState(note.isEmpty() ? Icon::None : Icon::Warning, note.isEmpty() ? Role::Muted : Role::Warn, note);
    m_note->setToolTip(note);
    m_divider->setVisible(!note.isEmpty());
}

void ProblemBar::setLines(const QList<Line> &lines)
{
    m_show->setVisible(!lines.isEmpty());
    m_list->clear();
    for (const Line &line : lines) {
        auto *item = new QListWidgetItem(themedIcon(line.warning ? Icon::Warning : Icon::Error, line.warning ? Role::Warn : Role::Err),
            line.where.isEmpty() ? line.text : tr("%1: %2").arg(line.where, line.text), m_list);
        item->setData(Qt::UserRole, line.id);
        item->setToolTip(item->text());
    }
    if (lines.isEmpty())
        openList(false);
}

void ProblemBar::openList(bool open)
{
    m_list->setVisible(open && m_list->count() > 0);
    m_show->setText(listOpen() ? tr("Hide") : tr("Show"));
}

bool ProblemBar::listOpen() const { return !m_list->isHidden(); }

} // namespace ui::routes
