"""`terraform test` over infra/tests: our own rules, with the provider mocked."""


def test_terraform_s_own_tests_pass(bench):
    output = bench.must("test", "-var-file=release.tfvars.json")
    assert "0 failed" in output
