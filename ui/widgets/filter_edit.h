// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "ui/widgets/search_field.h"

class QCompleter;
class QStandardItemModel;
class QTimer;

namespace ui::widgets {

/// The filter bar's line: `field:op value` terms, coloured as they are typed, with its state in words at the right:
/// valid; incomplete (the last valid filter goes on holding); invalid (with the reason as tool tip, underlined in place).
/// Completion offers fields, and values that were seen: answer valuesWanted() with offerValues().
class FilterEdit final : public SearchField
{
    Q_OBJECT
public:
    enum class State { Empty, Valid, Incomplete, Invalid };
    struct Value
    {
        QString text;
        quint64 calls = 0;
    };

    explicit FilterEdit(QWidget *parent = nullptr);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const gateway::CallFilter &filter() const { return m_filter; } ///< the last valid one
    [[nodiscard]] QString problem() const { return m_problem; }
    /// What stands in the empty field: a sentence, and after it an example in the filter's own letters.
    void setHint(const QString &sentence, const QString &example);
    /// Sets the text without announcing a filter (the window's filter changed elsewhere).
    void showFilter(const QString &text);
    void offerValues(const QString &field, const QString &prefix, const QList<Value> &values);

Q_SIGNALS:
    void filterChanged(const gateway::CallFilter &filter); ///< 250 ms after typing, or at once with Enter
    void stateChanged();
    void valuesWanted(const QString &field, const QString &prefix);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Token
    {
        int start = 0;
        QString text;      ///< from the token's start to the cursor
        QString field;     ///< before the colon; empty while a field is typed
        QString value;
    };

    void judge();
    void announce();
    void colorTokens();
    [[nodiscard]] Token tokenAtCursor() const;
    void complete();
    void showOffers(const Token &token, const QString &heading);
    void insertCompletion(const QString &text);
    [[nodiscard]] QString stateText() const;

    State m_state = State::Empty;
    gateway::CallFilter m_filter;
    gateway::CallFilter m_announced;
    QString m_problem, m_example;
    int m_problemFrom = 0, m_problemTo = 0;
    QTimer *m_settle;
    QCompleter *m_completer;
    QStandardItemModel *m_offers;
    class FilterOffers *m_list;
    bool m_coloring = false;
};

} // namespace ui::widgets
