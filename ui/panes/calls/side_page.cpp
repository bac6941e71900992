// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/side_page.h"

#include "ui/panes/calls/call_diff.h"
#include "ui/panes/calls/side_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {

using widgets::Label;

SidePage::SidePage(BodyKind kind, QWidget *parent)
    : QWidget(parent), m_kind(kind), m_cut(new widgets::SectionBanner(widgets::SectionBanner::Kind::Warning)), m_words(new Label(Label::Kind::Secondary)), m_text(new SideText), m_texts(new QWidget), m_pages(new QStackedLayout)
{
    const QString name = kind == BodyKind::Request ? u"request"_s : u"answer"_s;
    m_cut->setObjectName(u"calls.compare.%1.cut"_s.arg(name));
    m_words->setObjectName(u"calls.compare.%1.words"_s.arg(name));
    m_words->setAlignment(Qt::AlignCenter);
    m_words->setWordWrap(true);
    m_text->setObjectName(u"calls.compare.%1.text"_s.arg(name));
    m_text->setAccessibleName(kind == BodyKind::Request ? tr("What differs between the requests") : tr("What differs between the answers"));
    m_texts->setLayout(m_pages);
    m_pages->addWidget(m_words);
    m_pages->addWidget(m_text);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_cut);
    column->addWidget(m_texts, 1);
    m_cut->hide();
}

void SidePage::say(const QString &words)
{
    m_words->setText(words);
    m_pages->setCurrentWidget(m_words);
}

void SidePage::setCalls(const gateway::CallDetail &left, const gateway::CallDetail &right, bool kept)
{
    const QString missing = missingBody(left, true, kept, CallSide::Program, m_kind), otherMissing = missingBody(right, true, kept, CallSide::Program, m_kind);
    const bool cut = bodyCut(left.record.bodies, CallSide::Program, m_kind), otherCut = bodyCut(right.record.bodies, CallSide::Program, m_kind);
    m_cut->setVisible((cut || otherCut) && missing.isEmpty() && otherMissing.isEmpty());
    m_cut->setContent(cut && otherCut ? tr("Both are kept only in part") : cut ? tr("The first is kept only in part") : tr("The second is kept only in part"), tr("They are compared as far as they are there (Settings, Retention)."));
    if (!missing.isEmpty() || !otherMissing.isEmpty()) {
        m_outcome = tr("cannot be compared");
        if (missing == otherMissing)
            say(tr("Of both calls: %1").arg(missing));
        else
            say(QStringList {missing.isEmpty() ? QString() : tr("Of the first call: %1").arg(missing), otherMissing.isEmpty() ? QString() : tr("Of the second call: %1").arg(otherMissing)}.join(u'\n').trimmed());
        return;
    }
    const QList<SideRow> rows = m_kind == BodyKind::Request ? requestRows(left.record, right.record) : answerRows(left.record, right.record);
    if (rows.isEmpty()) {
        m_outcome = cut || otherCut ? tr("identical as far as they are kept") : tr("identical");
        say(m_kind == BodyKind::Request ? tr("The requests are %1.").arg(m_outcome) : tr("The answers are %1.").arg(m_outcome));
        return;
    }
    const auto lines = std::ranges::count_if(rows, [](const SideRow &row) {
        return row.kind == SideRow::Kind::Lines && (std::ranges::any_of(row.left, &DiffPiece::changed) || std::ranges::any_of(row.right, &DiffPiece::changed) || !row.onLeft || !row.onRight);
    });
    m_outcome = lines == 1 ? tr("1 line differs") : tr("%1 lines differ").arg(lines);
    m_text->setRows(rows);
    m_pages->setCurrentWidget(m_text);
}

} // namespace ui::calls
