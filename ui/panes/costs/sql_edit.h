// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_question.h"
#include "gateway/core/sql_schema.h"
#include "ui/widgets/gutter_edit.h"

class QCompleter;
class QStandardItemModel;

namespace ui::widgets {
class FilterOffers;
}

namespace ui::costs {

class SqlHighlighter;

/// Where a query is typed: colours, numbers of lines, what it could go on with, and a mark under what is wrong with it. All that
/// is put in can be undone.
class SqlEdit final : public widgets::GutterEdit
{
    Q_OBJECT
public:
    /// @param schema  outlives this
    explicit SqlEdit(const gateway::SqlSchema &schema, QWidget *parent = nullptr);

    void replaceAll(const QString &text);          ///< as one step of undo
    void insertWord(const QString &word);          ///< at the cursor, with blanks around it where words would join
    void replaceWord(qsizetype from, const QString &word); ///< what stands from there to the cursor
    /// Marks bytes [from, to) of the text in UTF-8; equal: the place alone. Typing takes the mark away.
    void showProblem(std::size_t from, std::size_t to);
    void showAdded(std::size_t from, std::size_t to); ///< in grey: what is not the person's own
    void clearMarks();
    [[nodiscard]] bool hasProblem() const { return m_wrong.second >= 0; }
    [[nodiscard]] bool offers() const; ///< a list of what it could go on with is open

Q_SIGNALS:
    void runWanted();

protected:
    [[nodiscard]] Mark mark(const QTextBlock &block) const override;
    void themeChanged() override;
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void offer(bool all);
    void accept(const QModelIndex &index);
    void paintMarks();
    [[nodiscard]] qsizetype placeOf(std::size_t bytes) const;

    const gateway::SqlSchema &m_schema;
    SqlHighlighter *m_highlighter;
    QCompleter *m_completer;
    QStandardItemModel *m_offers;
    widgets::FilterOffers *m_list;
    qsizetype m_from = 0;                              ///< of the word that an offer takes the place of
    std::pair<qsizetype, qsizetype> m_wrong {0, -1};   ///< second below 0: nothing is
    std::pair<qsizetype, qsizetype> m_added {0, -1};
    bool m_quiet = false;
};

} // namespace ui::costs
